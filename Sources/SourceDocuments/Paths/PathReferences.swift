/// Where the references of a document lead; built when `resolve()` is first asked.
struct PathReferences: Sendable {
    mutating func clear() {}
}
