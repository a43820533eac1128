"""Stand-ins for packages that log, which dbx run --shim puts in the place of these."""
