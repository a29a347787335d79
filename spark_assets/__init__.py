"""The data side of Encore: pure Spark, from log files to a published snapshot."""
