"""The sealed room: a Python inside WebAssembly, the program that runs there, and the door between it and us."""
