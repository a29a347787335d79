"""Entry points: one module a step, `run(spark, params) -> result`; the only part that orchestration calls."""
