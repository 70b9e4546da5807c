"""Pages of this room: the register, rounds and their steps, the ballot, the result."""
