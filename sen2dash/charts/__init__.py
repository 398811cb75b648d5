"""Turn rows into charts."""
