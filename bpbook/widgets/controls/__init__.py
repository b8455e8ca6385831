"""What is moved: sliders, fields, buttons, weights set by hand, a clock for what runs; and numbers in words."""
