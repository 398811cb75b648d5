/*---
id: M02
severity: error
affects: figures
title: Transferring authority invalid
message: The authority that the plan was transferred from is not recognised, or is your own authority.
guidance: >
  TransferLA is the three-digit number of the English authority that maintained the plan before the person moved to you.
  Enter that number. If a reorganisation replaced the authority, its number is accepted in its last return year and in
  the year after. Leave the item blank for a plan that you issued yourselves, and for a move from outside England.
module: activeplans
table: activeplans
fields: [TransferLA]
years: [2023, null]
source: DfE specification 2025, 2.5
---*/
select
    person_id,
    'activeplans' as table_name,
    activeplans_id as row_id,
    'TransferLA' as field,
    transfer_la as value,
    if(transfer_la = $lea, 'the number of this authority itself', 'not the number of an English authority') as detail
from request_journey
where
    transfer_la not in (select code from code where code_set = 'CS003_MOVES')
    or transfer_la = $lea
order by all
