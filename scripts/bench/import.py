"""Reads with the packages' own readers what scripts/bench/import.ts made: prints the number of values and seconds of processor time."""
import json, sys, time

sys.path.insert(0, sys.argv[3])
if sys.argv[1] == "tensorboard":
    from tensorboard.backend.event_processing.event_accumulator import EventAccumulator

    start = time.process_time()
    read = EventAccumulator(sys.argv[2], size_guidance={"scalars": 0})
    read.Reload()
    count = sum(len(read.Scalars(tag)) for tag in read.Tags()["scalars"])
else:
    import make_wandb
    from wandb.proto import wandb_internal_pb2

    start = time.process_time()
    count = 0
    for data in make_wandb.records(sys.argv[2]):
        record = wandb_internal_pb2.Record()
        record.ParseFromString(data)
        count += sum(i.nested_key[0] != "_step" and json.loads(i.value_json) is not None for i in record.history.item)
print(count, time.process_time() - start)
