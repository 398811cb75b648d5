-- One row per NamedPlan group: how the plan came to be open between the end of the year before the collection year and
-- census day, and how it ended in that time. came is 'before' (open when the year began), a kind of start, or why the
-- plan was not open at all. went is NULL for those, 'open' for a plan of the caseload, and 'second' for another active
-- plan of the same person.
with arrived as (
    select
        person_id,
        requests_id,
        namedplan_id,
        start_date,
        cease_date,
        cease_reason,
        is_active,
        case
            when start_date is null then 'no_start'
            when start_date > $census_date then 'later'
            when start_date > $year_end then 'started_january'
            when start_date >= $year_start and transfer_la is not null then 'transferred_in'
            when start_date >= $year_start and assessment_outcome = 'H' then 'historical'
            when start_date >= $year_start then 'new'
            when is_active_at(start_date, cease_date, cease_date_text, $year_start - 1) then 'before'
            when cease_date is null then 'no_cease'
            else 'earlier'
        end as came
    from request_journey
    where namedplan_id is not null
)

select
    a.* exclude (is_active),
    case
        when a.came in ('no_start', 'later', 'no_cease', 'earlier') then null
        when a.is_active then if(c.namedplan_id is null, 'second', 'open')
        when a.cease_date is null or a.cease_date < a.start_date then 'bad_cease'
        when a.cease_date > $year_end then 'ceased_january'
        when a.cease_reason = '5' then 'transferred_out'
        else 'ceased'
    end as went
from arrived as a
left join caseload as c on a.namedplan_id = c.namedplan_id
