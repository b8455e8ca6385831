"""The book in the browser: a folder of pages made from the stored notebooks, and Python for them.

There is no second copy of the text. `build` lays the notebooks out for Sphinx, `front` writes the first page, `links`
looks at every link of what was built, and `serving` shows the folder on this machine.
"""
