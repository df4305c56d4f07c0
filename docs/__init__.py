"""The documents, and the program that generates the reference among them."""
