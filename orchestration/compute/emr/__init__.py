"""`ENCORE_COMPUTE=emr`: each step is a step of an Amazon EMR cluster, one cluster for a run."""
