-- Row security in PostgreSQL: which rows a session sees depends on the role that it signed in as (`session_user`), which
-- `set role` does not change. A statement ends at a blank line.

create policy own_rows on archive_tenant for select using (role_name = cast(session_user as text))

create policy own_rows on archive_key
using (owner = cast(session_user as text)) with check (owner = cast(session_user as text))

create policy own_rows on archive_return
using (authority in (select authority from archive_tenant where role_name = cast(session_user as text)))
with check (authority in (select authority from archive_tenant where role_name = cast(session_user as text)))

create policy own_rows on archive_attachment
using (authority in (select authority from archive_tenant where role_name = cast(session_user as text)))
with check (authority in (select authority from archive_tenant where role_name = cast(session_user as text)))

create policy own_rows on archive_audit
using (
    authority = 'role ' || session_user
    or authority in (select authority from archive_tenant where role_name = cast(session_user as text))
)
with check (
    authority = 'role ' || session_user
    or authority in (select authority from archive_tenant where role_name = cast(session_user as text))
)

-- The owner writes here, so it is not forced on the owner.
alter table archive_tenant enable row level security

alter table archive_key enable row level security, force row level security

alter table archive_return enable row level security, force row level security

alter table archive_attachment enable row level security, force row level security

alter table archive_audit enable row level security, force row level security

-- The owner of the tables calls this once for each authority. An entry of the audit is never updated. A role that row
-- security does not bind is refused, and so is one that may become such a role or that of another authority.
create function archive_admit(admitted text, number text) returns void language plpgsql as $body$
begin
    if number !~ '^[0-9]{3}$' then
        raise exception 'An authority has three digits.';
    end if;
    if exists (
        select 1
        from pg_roles as r
        where
            pg_has_role(admitted, r.oid, 'member')
            and (
                r.rolsuper
                or r.rolbypassrls
                or r.rolcreaterole
                or r.rolname in (select tableowner from pg_tables where tablename like 'archive\_%')
                or (r.rolname <> admitted and has_table_privilege(r.oid, 'archive_return', 'select'))
            )
    ) then
        raise exception 'Row security does not bind this role.';
    end if;
    execute format(
        'grant select, insert, update, delete on archive_key, archive_return, archive_attachment to %I', admitted
    );
    execute format('grant select, insert, delete on archive_audit to %I', admitted);
    execute format('grant select on archive_tenant, archive_version to %I', admitted);
    insert into archive_tenant (authority, role_name) values (number, admitted);
end
$body$

revoke all on function archive_admit(text, text) from public
