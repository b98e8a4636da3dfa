/// What the values of an option mean, for the list that Tab shows.
enum ValueGuide {
    /// - Parameter option: `--schedule`.
    /// - Returns: Empty where nothing is said.
    static func text(_ value: String, of option: String) -> String {
        texts[option + " " + value] ?? ""
    }

    private static let texts = [
        "--schedule constant": "the learning rate stays",
        "--schedule linear": "it falls in a line to 0",
        "--schedule cosine": "it falls along half a cosine to 0",
        "--precision f32": "single precision, everywhere",
        "--precision bf16": "operands rounded to 8 bits: faster where the processor has it",
        "--color always": "also into files and pipes",
        "--color never": "no colour and no bold",
        "--color auto": "where a terminal shows it and NO_COLOR is not set",
        "--canvas braille": "eight dots a character",
        "--canvas block": "four quarters a character, for fonts without braille",
        "--canvas ascii": "one sign a character, for every terminal",
        "--band minmax": "from the least to the greatest run",
        "--band quartiles": "the middle half of the runs",
        "--to ipynb": "a Jupyter notebook",
        "--to html": "one web page that needs nothing else",
        "--to md": "Markdown",
        "--to cast": "a recording for asciinema",
        "--to trl": "TRL's columns, as JSON lines",
    ]
}
