"""Speech and what is done to it: vowels, spoken digits, recordings of your own, from waveform to features."""
