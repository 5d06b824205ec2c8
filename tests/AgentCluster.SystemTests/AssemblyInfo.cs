// Each test loads the whole machine, and times what it starts.
[assembly: CollectionBehavior(DisableTestParallelization = true)]
