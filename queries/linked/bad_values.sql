-- One row per column: how many values in the rows kept are not blank and cannot be read, and the first ten rows.
with named as (
    select
        pupil_id as read_no,
        unnest([
            struct_pack(name := 'dob', is_unread := dob_unread),
            struct_pack(name := 'entrydate', is_unread := entrydate_unread),
            struct_pack(name := 'leavingdate', is_unread := leavingdate_unread),
            struct_pack(name := 'dafindicator', is_unread := dafindicator_unread),
            struct_pack(name := 'senunitindicator', is_unread := senunitindicator_unread),
            struct_pack(name := 'resourcedprovisionindicator', is_unread := resourcedprovisionindicator_unread),
            struct_pack(name := 'termlysessionspossible', is_unread := termlysessionspossible_unread),
            struct_pack(name := 'termlysessionsauthorised', is_unread := termlysessionsauthorised_unread),
            struct_pack(name := 'termlysessionsunauthorised', is_unread := termlysessionsunauthorised_unread),
            struct_pack(
                name := 'summerhalfterm2sessionspossible', is_unread := summerhalfterm2sessionspossible_unread
            ),
            struct_pack(
                name := 'summerhalfterm2sessionsauthorised', is_unread := summerhalfterm2sessionsauthorised_unread
            ),
            struct_pack(
                name := 'summerhalfterm2sessionsunauthorised', is_unread := summerhalfterm2sessionsunauthorised_unread
            )
        ]) as one
    from enrolment
    union all
    select
        read_no,
        struct_pack(name := 'sessions', is_unread := sessions_unread) as one
    from session
    union all
    select
        read_no,
        unnest([
            struct_pack(name := 'startdate', is_unread := startdate_unread),
            struct_pack(name := 'sessions', is_unread := sessions_unread)
        ]) as one
    from exclusion
    union all
    select
        read_no,
        struct_pack(name := 'sentyperank', is_unread := sentyperank_unread) as one
    from need
    union all
    select
        read_no,
        unnest([
            struct_pack(name := 'fsmstartdate', is_unread := fsmstartdate_unread),
            struct_pack(name := 'fsmenddate', is_unread := fsmenddate_unread)
        ]) as one
    from meal
)

select
    one.name,
    count(*) as n,
    list(read_no order by read_no)[:10] as read_nos
from named
where one.is_unread
group by one.name
order by one.name
