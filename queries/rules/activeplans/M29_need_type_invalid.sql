/*---
id: M29
severity: error
affects: figures
title: Type of need missing or invalid
message: The type of need is missing or is not one of the codes of this collection.
guidance: >
  SENtype takes SPLD, MLD, SLD, PMLD, SEMH, SLCN, HI, VI, MSI, PD, ASD and OTH, and from 2025 also DS (Down syndrome).
  NSA (SEN support without specialist assessment) is only for the school census. Usually a local code is not mapped in
  the export. Enter the code of the need that the plan gives.
module: activeplans
table: senneed
fields: [SENtype]
years: [2023, null]
source: DfE specification 2025, 2.5
---*/
select
    person_id,
    'senneed' as table_name,
    row_id,
    'SENtype' as field,
    sen_type as value,
    null as detail
from senneed
where
    sen_type is null
    or upper(sen_type) not in (select code from code where code_set = 'CS_SENTYPE')
order by all
