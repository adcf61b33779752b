#!/usr/bin/env python3
"""Briefs of JSON lines with Spark: a `sukje worker` for every partition.

    spark-submit spark_pipe.py INPUT.jsonl OUTPUT_FOLDER [OPTIONS OF sukje worker]

The program must be on the PATH of every machine, or SUKJE its place there. A model would be loaded for every partition: make few of them.
"""
import os, shlex, sys

from pyspark.sql import SparkSession

source, target, *options = sys.argv[1:]
command = [os.environ.get("SUKJE", "sukje"), "worker", "--quiet", *options]
spark = SparkSession.builder.appName("sukje").getOrCreate()
lines = spark.sparkContext.textFile(source)
# Without checkCode a worker that died would only be a partition with fewer lines.
briefs = lines.pipe(shlex.join(command), checkCode=True)
briefs.saveAsTextFile(target)
spark.stop()
