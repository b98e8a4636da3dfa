@testable import Autograd

/// Hidden states and tables of token vectors.
enum TokenHeadExample {
    static func hidden(_ rows: Int, _ width: Int) -> Tensor {
        Tensor(normals(rows * width, "hidden"), shape: [rows, width])
    }

    static func table(_ vocabulary: Int, _ width: Int) -> Tensor {
        Tensor(normals(vocabulary * width, "table", deviation: 0.5), shape: [vocabulary, width])
    }
}
