import ArgumentParser

/// `train`: the recipes.
struct TrainCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "train",
        abstract: "Train a tokenizer, a baseline, a reward model or a policy.",
        subcommands: [
            TrainTokenizerCommand.self, TrainSupervisedCommand.self, TrainRewardCommand.self,
            TrainPPOCommand.self, TrainDPOCommand.self, TrainKTOCommand.self,
            TrainORPOCommand.self, TrainRLOOCommand.self,
            TrainGRPOCommand.self, TrainREINFORCECommand.self, TrainRFTCommand.self,
            TrainOnlineDPOCommand.self,
        ])
}
