"""Work that outlives the call which asked for it: kept in the database, done by one machine, once it is its turn."""
