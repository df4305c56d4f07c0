"""The documents, and the program that writes their reference part from the code."""
