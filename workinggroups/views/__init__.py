"""Pages of groups: what everybody reads, what members and leaders do, and how invited people join."""
