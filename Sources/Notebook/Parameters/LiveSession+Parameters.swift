extension LiveSession {
    /// Makes the parameters those of the session: for the cells that follow, and on disk.
    ///
    /// Cells of the tutorial that read otherwise now are edited, so that they and what depends on
    /// them are to be run again. A cell that somebody has changed by hand stays as it is.
    ///
    /// - Returns: The cells that were edited.
    /// - Throws: `SessionError.unwritable`, `.outOfSpace`.
    @discardableResult
    func take(_ parameters: Parameters) throws -> [Cell] {
        let earlier = self.parameters
        self.parameters = parameters
        guard !parameters.declarations.isEmpty, folder.info.parameters != parameters.json,
            !folder.isReadOnly
        else { return [] }
        var edited: [Cell] = []
        // The marks come first: no crash leaves a new value beside cells that were not marked.
        for lesson in document?.cells ?? [] {
            guard let cell = folder.cell(lesson.id), let earlier,
                try earlier.substituted(lesson) == cell.source,
                case let source = try parameters.substituted(lesson), source != cell.source
            else { continue }
            try change(.edit(cell: cell.id, source: source))
            edited.append(cell)
        }
        var info = folder.info
        info.parameters = parameters.json
        try folder.update(info)
        return edited
    }
}
