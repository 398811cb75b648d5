"""Defects that trip the rules of the module whole_return."""
