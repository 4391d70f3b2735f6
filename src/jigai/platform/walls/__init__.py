"""The walls: who may see what (scope) and do what (capabilities), in one place for every query.

A row is seen by whoever has its managing unit, or its organisation, in scope. The managers of scoped models apply
this to every query; on PostgreSQL row-level security applies it again. ``use_scope`` is the only way to change it.
"""
