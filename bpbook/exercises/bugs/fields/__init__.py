"""The mistakes of one field or subject each, from speech and markets to curvature and cost."""
