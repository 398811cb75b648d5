"""Defects that trip the rules of the module person."""
