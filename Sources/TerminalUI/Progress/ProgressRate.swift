/// The speed of a run: moving averages of the steps and of the seconds between two looks, as tqdm
/// has it.
struct ProgressRate {
    let initial: Int
    private var lastTime: Double
    private var lastCompleted: Int
    private var steps = MovingAverage(alpha: 0.3)
    private var seconds = MovingAverage(alpha: 0.3)

    init(time: Double, completed: Int) {
        initial = completed
        lastTime = time
        lastCompleted = completed
    }

    mutating func update(time: Double, completed: Int) {
        guard time > lastTime, completed > lastCompleted else { return }
        steps.add(Double(completed - lastCompleted))
        seconds.add(time - lastTime)
        lastTime = time
        lastCompleted = completed
    }

    /// Nil before the first step.
    var perSecond: Double? {
        guard let steps = steps.value, let seconds = seconds.value, seconds > 0 else { return nil }
        return steps / seconds
    }
}
