import Alignment
import Autograd
import TerminalUI

/// A run's memory beside what the machine has free.
struct MemoryCheck {
    let title: String
    let estimate: MemoryEstimate
    /// Bytes that can be had; 0 where that is not known.
    let available: Int

    var fits: Bool { available <= 0 || estimate.needed <= available }

    /// What a run says before it starts.
    var line: String {
        let free = available > 0 ? " of \(formatted(bytes: available)) free" : ""
        return "memory: about \(formatted(bytes: estimate.run))\(free) "
            + "(+ \(formatted(bytes: estimate.checkpoint)) for checkpoints)"
    }

    /// What the tokens that are worked on at once depend on.
    private var batchOptions: String {
        title == "ppo" ? "--minibatch-size or --max-new-tokens" : "--batch-size or --max-length"
    }

    /// Why it is not started, and what to change: the largest part first, and a second one that
    /// makes a difference.
    var refusal: String {
        let parts: [(bytes: Int, remedy: String)] = [
            (
                estimate.gradients,
                "lower --shards (each keeps gradients, \(formatted(bytes: estimate.gradients)) "
                    + "together)"
            ),
            (
                estimate.activations,
                "lower \(batchOptions) (activations take \(formatted(bytes: estimate.activations)))"
            ),
            (
                estimate.panels,
                "take a smaller model (weights packed for products take "
                    + "\(formatted(bytes: estimate.panels)))"
            ),
            (
                estimate.frozenOutputs,
                "train on fewer rows (outputs of the frozen layers take "
                    + "\(formatted(bytes: estimate.frozenOutputs)))"
            ),
            (
                estimate.moments + estimate.checkpoint,
                "freeze layers with --freeze-layers or take a smaller model (AdamW's moments take "
                    + "\(formatted(bytes: estimate.moments)), checkpoints "
                    + "\(formatted(bytes: estimate.checkpoint)))"
            ),
        ]
        let sorted = parts.sorted { $0.bytes > $1.bytes }
        let remedies = sorted.prefix(2).filter {
            $0.bytes == sorted[0].bytes || 10 * $0.bytes >= estimate.needed
        }.map(\.remedy)
        return "\(title) needs about \(formatted(bytes: estimate.needed)) of memory, but "
            + "\(formatted(bytes: available)) are free; \(remedies.joined(separator: ", or "))"
    }
}

extension CommandContext {
    /// Says what a run takes of the free memory, and refuses one that cannot fit.
    func requireMemory(_ estimate: MemoryEstimate, for title: String) throws {
        // What earlier runs of the session used is free for this one.
        MemoryPool.releaseUnused()
        let check = MemoryCheck(
            title: title, estimate: estimate,
            available: Machine.found(threads: settings.threads).availableBytes)
        guard check.fits else { throw CommandError(check.refusal) }
        // It differs between machines and moments, so it is no part of the cell's outputs.
        console.remark(Paragraph(check.line, .dim))
    }
}
