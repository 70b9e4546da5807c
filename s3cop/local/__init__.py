"""Local services: the private PostgreSQL and broker, and the one command that runs the whole portal on this machine."""
