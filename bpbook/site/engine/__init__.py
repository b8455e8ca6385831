"""What runs in a page: JavaScript in the browser, and Python as its guest, which starts from `guest.py`."""
