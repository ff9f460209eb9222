import Custody
import Digests
import DurableFiles
import Reporting

extension Desk {
    /// The documents that lie in `.work/`, in order: of a process that ended, or of a round in which the store failed.
    func leftovers() throws(FileError) -> [Candidate] {
        let now = time.steady()
        var result: [Candidate] = []
        for name in try folders.files.list(folders.work, limit: settings.slice)
        where name.utf8.first != UInt8(ascii: ".") && !troubles.holds(name, at: now) {
            do throws(FileError) {
                if let candidate = try leftover(name) { result.append(candidate) }
            } catch {
                fail(name, error)
            }
        }
        return result
    }

    private func leftover(_ name: String) throws(FileError) -> Candidate? {
        guard try folders.mend(name), let status = try folders.files.status(folders.inWork(name)) else { return nil }
        guard status.kind == .file else {
            try setAside(name)
            return nil
        }
        var candidate = Candidate(name: name, size: status.size)
        candidate.mapping = settings.mapping
        return candidate
    }

    /// Moves away what became no file between the look at it and its claim: it is never opened, and its name is free again.
    private func setAside(_ name: String) throws(FileError) {
        let text = "This is no file but a link, a pipe or a folder. It was never opened.\n"
        _ = try folders.finish(name, into: folders.failed, .init(ending: InboxName.why, text: text))
        tell("file-failed", name, "it is no file, and was set aside unopened")
    }

    /// Takes what was left over: at the start each alone, later as any other documents.
    /// - Returns: Whether the store was well.
    func takeLeftovers(_ candidates: [Candidate], isStart: Bool) -> Bool {
        if isStart { return candidates.allSatisfy { takeSuspect($0) } }
        var batch = Batch(settings)
        for candidate in candidates {
            if batch.isFull(with: candidate), take(batch.clear()) == nil { return false }
            batch.add(candidate)
        }
        return take(batch.clear()) != nil
    }

    /// Takes a document that a process may have died over, alone, and noted before it is read.
    /// - Returns: Whether the store was well.
    private func takeSuspect(_ candidate: Candidate) -> Bool {
        guard let key = contentKey(candidate.name) else { return take([candidate]) != nil }
        do {
            var candidate = candidate
            candidate.isSuspect = try receiver.suspect(key) >= 2
            let isTaken = take([candidate]) != nil
            // When the store fails now it failed the document too: no process died.
            try receiver.clear(key)
            return isTaken
        } catch {
            close(error)
            return false
        }
    }

    private func contentKey(_ name: String) -> Key? {
        guard let bytes = try? folders.files.read(folders.inWork(name), limit: settings.largest).bytes else {
            return nil
        }
        let digest = Digest()
        digest.begin()
        digest.add(bytes.span)
        return Key(digest.end())
    }
}
