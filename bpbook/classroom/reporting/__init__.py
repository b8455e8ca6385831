"""What comes of the marks: a page for each student, one for the teacher, tables for the platforms."""
