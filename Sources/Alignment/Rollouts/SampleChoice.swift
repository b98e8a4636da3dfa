/// Which answers of an update are kept for people to read.
///
/// The same questions are followed through a run, so that answers can be set side by side: those of
/// the first update's prompts, whenever they are asked again; others fill up, so that every update has
/// some. Nothing is generated for it.
struct SampleChoice {
    /// Prompts that are followed, by their places in the data.
    let followed: [Int]

    private static let most = 8
    private static let least = 3

    /// - Parameter first: The prompts of the first update, in its order.
    init(first: [Int]) {
        var seen: Set<Int> = []
        followed = Array(first.filter { seen.insert($0).inserted }.prefix(Self.most))
    }

    /// The places in an update of the answers to keep, in rising order.
    ///
    /// - Parameter prompts: The update's prompts, one an answer or one a group.
    func places(in prompts: [Int]) -> [Int] {
        var places = followed.compactMap { prompt in prompts.firstIndex(of: prompt) }
        for place in prompts.indices where places.count < min(Self.least, prompts.count) {
            if !places.contains(place) { places.append(place) }
        }
        return places.sorted()
    }
}
