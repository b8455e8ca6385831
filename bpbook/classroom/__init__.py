"""The classroom: release an assignment, grade what comes back, report, and grade again.

`commands.py` holds the verbs of the command line. What a teacher gives out is made in `releasing.py`, described by
`assignment.py`; what students and teacher read afterwards is made in `reports.py`. A name, a message, a file name: all
that comes from a student is hostile until it is escaped.

In between, `grading.py` grades a folder and `submission.py` one notebook of it. The student's code runs in the sealed
room behind `room.py`; inside it are `guest.py`, `standins.py` for the exercises, and `wire.py`, which both sides speak.
"""
