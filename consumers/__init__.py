"""The doors: Kafka in and out, adapters for other systems."""
