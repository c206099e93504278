"""Features by the definitions of IBSI 1, for a volume or a single slice."""
