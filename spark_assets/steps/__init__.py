"""Steps by name: one module a step, `run(spark, settings) -> result`; what orchestration calls."""
