-- One row per URN of the register: the type of the establishment. Run on the return.
select
    urn,
    any_value(try_cast(type_code as integer)) as type_code
from establishment
where urn is not null
group by urn
