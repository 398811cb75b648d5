/*---
id: P26
severity: error
affects: format
title: Reason code not recognised
message: The reason why the UPN and ULN are missing is not a code of the SEN2 collection.
guidance: >
  The codes are UN1, UN2, UN3, UN5, UN8, UN9 and UN10, in capitals and without a space. UN4, UN6 and UN7 belong to
  other collections. Choose the code that fits, or enter the UPN or ULN.
module: person
table: person
fields: [UPNunknown]
years: [2023, null]
source: DfE guide 2025
---*/
select
    person_id,
    'person' as table_name,
    row_id,
    'UPNunknown' as field,
    upn_unknown as value,
    if(upn_unknown in ('UN4', 'UN6', 'UN7'), 'a code of other collections', null) as detail
from person
where upn_unknown not in (select c.code from code as c where c.code_set = 'CS_UPN_UNKNOWN')
order by all
