extension LiveSession {
    /// Makes the parameters those of the session: for the cells that follow, and on disk.
    ///
    /// Cells of the tutorial that read otherwise now are edited: they are to be run again.
    ///
    /// - Throws: `SessionError.unwritable`, `.outOfSpace`.
    func take(_ parameters: Parameters) throws {
        let earlier = self.parameters
        self.parameters = parameters
        guard !parameters.declarations.isEmpty, folder.info.parameters != parameters.json,
            !folder.isReadOnly
        else { return }
        var info = folder.info
        info.parameters = parameters.json
        try folder.update(info)
        for lesson in document?.cells ?? [] {
            guard let cell = folder.cell(lesson.id), let earlier,
                try earlier.substituted(lesson.source, line: lesson.line) == cell.source
            else { continue }
            let source = try parameters.substituted(lesson.source, line: lesson.line)
            if source != cell.source {
                try folder.record(.edit(cell: cell.id, source: source))
            }
        }
    }
}
