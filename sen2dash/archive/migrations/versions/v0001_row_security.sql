-- Row security in PostgreSQL: which rows a session sees depends on the role that it signed in as.
-- A statement ends at a blank line.

create policy own_rows on archive_tenant for select using (role_name = cast(current_user as text))

create policy own_rows on archive_key
using (owner = cast(current_user as text)) with check (owner = cast(current_user as text))

create policy own_rows on archive_return
using (authority in (select authority from archive_tenant where role_name = cast(current_user as text)))
with check (authority in (select authority from archive_tenant where role_name = cast(current_user as text)))

create policy own_rows on archive_attachment
using (authority in (select authority from archive_tenant where role_name = cast(current_user as text)))
with check (authority in (select authority from archive_tenant where role_name = cast(current_user as text)))

create policy own_rows on archive_audit
using (
    authority = 'role ' || current_user
    or authority in (select authority from archive_tenant where role_name = cast(current_user as text))
)
with check (
    authority = 'role ' || current_user
    or authority in (select authority from archive_tenant where role_name = cast(current_user as text))
)

-- The owner writes here, so it is not forced on the owner.
alter table archive_tenant enable row level security

alter table archive_key enable row level security, force row level security

alter table archive_return enable row level security, force row level security

alter table archive_attachment enable row level security, force row level security

alter table archive_audit enable row level security, force row level security

-- The owner of the tables calls this once for each authority. An entry of the audit is never updated.
create function archive_admit(admitted text, number text) returns void language plpgsql as $body$
begin
    if number !~ '^[0-9]{3}$' then
        raise exception 'An authority has three digits.';
    end if;
    if exists (select 1 from pg_roles where rolname = admitted and (rolsuper or rolbypassrls))
        or pg_has_role(admitted, current_user, 'member')
    then
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
