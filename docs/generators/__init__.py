"""One page of docs/reference a file; each is written from the code that it tells of."""
