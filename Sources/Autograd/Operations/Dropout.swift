/// Sets elements to 0 at random and divides the others by the share that is left (Srivastava et al.
/// 2014), so that the mean stays.
///
/// - Parameters:
///   - probability: The share of elements set to 0, below 1.
///   - random: A stream that nothing else draws from: element i has its i-th number.
func dropout(_ x: Tensor, probability: Float, random: RandomStream) -> Tensor {
    precondition((0..<1).contains(probability), "dropout: the probability is \(probability)")
    var random = random
    let factor = 1 / (1 - probability)
    // What each element is multiplied by, again on the way back.
    let factors = Tensor(uninitialized: x.shape)
    let result = Tensor(uninitialized: x.shape)
    for i in 0..<x.count {
        let kept = random.nextUniform() >= probability ? factor : 0
        unsafe factors.pointer[i] = kept
        unsafe result.pointer[i] = x.pointer[i] * kept
    }
    guard let tape = x.tape else { return result }
    return tape.record(result, .dropout(DropoutPullback(x: x, factors: factors)))
}

struct DropoutPullback {
    let x, factors: Tensor

    func send(_ gradient: Tensor) {
        x.contribute { target, isFresh in
            for i in 0..<factors.count {
                let d = unsafe gradient.pointer[i] * factors.pointer[i]
                unsafe target.pointer[i] = isFresh ? d : target.pointer[i] + d
            }
        }
    }
}
