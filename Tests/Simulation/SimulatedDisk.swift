import Custody
import DurableFiles
import Glibc

/// What a ``SimulatedFileSystem`` holds: what programs see, and what a crash would leave.
struct SimulatedDisk: Sendable {
    typealias Path = [UInt8]

    private struct Node: Sendable {
        var kind: FileStatus.Kind
        var data: [UInt8] = []
        /// What was flushed; `nil` when nothing was.
        var durable: [UInt8]?
        var modified: Int64
    }

    /// Names given and taken in one step.
    private struct Step: Sendable {
        var removed: [Path] = []
        var added: [Path] = []
        var inode: UInt64
        var paths: [Path] { removed + added }
    }

    let movesByLink: Bool
    var plan: [Int: SimulatedFileSystem.Fault] = [:]
    var damaged: [Path: Int32] = [:]
    private(set) var operations = 0
    private(set) var isDown = false
    private var nodes: [UInt64: Node] = [:]
    private var names: [Path: UInt64] = [:]
    private var durableNames: [Path: UInt64] = [:]
    private var journal: [Step] = []
    private var counter: UInt64 = 1

    init(movesByLink: Bool) { self.movesByLink = movesByLink }

    // MARK: Faults

    mutating func begin(_ action: String, _ path: String) throws(FileError) -> SimulatedFileSystem.Fault? {
        try requireUp(action, path)
        operations += 1
        if let code = damaged[FileName.bytes(path)] { throw FileError(action, path, code: code) }
        let fault = plan[operations]
        if case .error(let code) = fault { throw FileError(action, path, code: code) }
        if fault == .crashBefore { isDown = true }
        try requireUp(action, path)
        return fault
    }

    mutating func end(_ fault: SimulatedFileSystem.Fault?, _ action: String, _ path: String) throws(FileError) {
        if fault == .crashAfter { isDown = true }
        try requireUp(action, path)
    }

    mutating func cutPower() { isDown = true }

    private func requireUp(_ action: String, _ path: String) throws(FileError) {
        if isDown { throw FileError(action, path, code: SimulatedFileSystem.downCode, reason: "the power is off") }
    }

    // MARK: What programs see

    func status(_ path: Path) -> FileStatus? {
        guard let inode = names[path], let node = nodes[inode] else { return nil }
        return FileStatus(
            kind: node.kind, device: 1, inode: inode, size: node.data.count, modified: node.modified,
            changed: node.modified,
            links: names.values.count { $0 == inode })
    }

    func isFolder(_ path: Path) -> Bool { names[path].flatMap { nodes[$0]?.kind } == .folder }

    func names(in folder: Path) -> [Path] {
        let start = folder + [0x2F]
        return names.keys.compactMap { path in
            guard path.starts(with: start), !path.dropFirst(start.count).contains(0x2F) else { return nil }
            return Array(path.dropFirst(start.count))
        }
    }

    func data(_ inode: UInt64) -> [UInt8] { nodes[inode]?.data ?? [] }

    func everything() -> [String: [UInt8]] {
        var result: [String: [UInt8]] = [:]
        for (path, inode) in names where nodes[inode]?.kind == .file { result[FileName.text(path)] = data(inode) }
        return result
    }

    mutating func create(_ path: Path, _ bytes: [UInt8], isFlushed: Bool, _ text: String) throws(FileError) {
        guard isFolder(Self.parent(of: path)) else { throw FileError("create", text, code: ENOENT) }
        guard names[path] == nil else { throw FileError("create", text, code: EEXIST) }
        let inode = add(Node(kind: .file, data: bytes, durable: isFlushed ? bytes : nil, modified: tick()))
        name(path, inode)
    }

    mutating func move(_ path: Path, to newPath: Path, _ text: String) throws(FileError) -> Bool {
        guard let inode = names[path], isFolder(Self.parent(of: newPath)) else {
            throw FileError("move", text, code: ENOENT)
        }
        guard names[newPath] == nil else { return false }
        names[path] = nil
        names[newPath] = inode
        journal.append(Step(removed: [path], added: [newPath], inode: inode))
        return true
    }

    mutating func link(_ path: Path, _ newPath: Path, _ text: String) throws(FileError) -> Bool {
        guard let inode = names[path], isFolder(Self.parent(of: newPath)) else {
            throw FileError("link", text, code: ENOENT)
        }
        guard names[newPath] == nil else { return false }
        name(newPath, inode)
        return true
    }

    mutating func remove(_ path: Path) {
        guard let inode = names.removeValue(forKey: path) else { return }
        journal.append(Step(removed: [path], inode: inode))
    }

    mutating func flush(file path: Path, _ text: String) throws(FileError) {
        guard let inode = names[path] else { throw FileError("sync", text, code: ENOENT) }
        let data = data(inode)
        nodes[inode]?.durable = data
    }

    /// What a failed flush does: the pages are dropped and marked clean.
    mutating func lose(_ path: Path) {
        guard let inode = names[path], var node = nodes[inode], node.kind == .file, node.durable != node.data else {
            return
        }
        node.data = [UInt8](repeating: 0, count: node.data.count)
        node.durable = node.data
        nodes[inode] = node
    }

    mutating func makeFolder(_ path: Path) {
        if path.isEmpty || names[path] != nil { return }
        makeFolder(Self.parent(of: path))
        let inode = add(Node(kind: .folder, modified: tick()))
        names[path] = inode
        durableNames[path] = inode
    }

    // MARK: What senders do

    mutating func drop(_ path: Path, _ bytes: [UInt8]) {
        discard(path)
        let inode = add(Node(kind: .file, data: bytes, durable: bytes, modified: tick()))
        names[path] = inode
        durableNames[path] = inode
    }

    mutating func drop(_ path: Path, _ kind: FileStatus.Kind) {
        discard(path)
        let inode = add(Node(kind: kind, modified: tick()))
        names[path] = inode
        durableNames[path] = inode
    }

    mutating func append(_ path: Path, _ bytes: [UInt8]) {
        guard let inode = names[path], var node = nodes[inode] else { return }
        node.data += bytes
        node.durable = node.data
        node.modified = tick()
        nodes[inode] = node
    }

    mutating func discard(_ path: Path) {
        settle { $0.paths.contains(path) }
        names[path] = nil
        durableNames[path] = nil
    }

    // MARK: What lasts

    mutating func flush(folder: Path) {
        settle { step in step.paths.contains { Self.parent(of: $0) == folder } }
    }

    /// Makes steps last, with all that they depend on.
    private mutating func settle(_ isMeant: (Step) -> Bool) {
        var paths: Set<Path> = []
        var inodes: Set<UInt64> = []
        var isKept = [Bool](repeating: false, count: journal.count)
        for (index, step) in journal.enumerated().reversed() {
            guard isMeant(step) || inodes.contains(step.inode) || step.paths.contains(where: { paths.contains($0) })
            else { continue }
            isKept[index] = true
            inodes.insert(step.inode)
            paths.formUnion(step.paths)
        }
        for (index, step) in journal.enumerated() where isKept[index] { apply(step) }
        journal = journal.enumerated().filter { !isKept[$0.offset] }.map(\.element)
    }

    private mutating func apply(_ step: Step) {
        for path in step.removed { durableNames[path] = nil }
        for path in step.added { durableNames[path] = step.inode }
    }

    mutating func crash(_ chance: any Randomness) {
        var lostPaths: Set<Path> = []
        var lostInodes: Set<UInt64> = []
        for step in journal {
            let isLost =
                lostInodes.contains(step.inode) || step.paths.contains { lostPaths.contains($0) }
                || chance.next() % 2 == 0
            if isLost {
                lostInodes.insert(step.inode)
                lostPaths.formUnion(step.paths)
            } else {
                apply(step)
            }
        }
        journal = []
        names = durableNames
        for inode in nodes.keys.sorted() { tear(inode, chance) }
        isDown = false
    }

    /// What becomes of data that was not flushed.
    private mutating func tear(_ inode: UInt64, _ chance: any Randomness) {
        guard let node = nodes[inode], node.kind == .file, node.durable != node.data else { return }
        let part = Int(truncatingIfNeeded: chance.next() % UInt64(node.data.count + 1))
        let left: [UInt8] =
            switch chance.next() % 4 {
            case 0: node.durable ?? []
            case 1: node.data
            case 2: Array(node.data[..<part])
            default: [UInt8](repeating: 0, count: node.data.count)
            }
        nodes[inode]?.data = left
        nodes[inode]?.durable = left
    }

    // MARK: Parts

    private mutating func add(_ node: Node) -> UInt64 {
        counter += 1
        nodes[counter] = node
        return counter
    }

    private mutating func name(_ path: Path, _ inode: UInt64) {
        names[path] = inode
        journal.append(Step(added: [path], inode: inode))
    }

    private mutating func tick() -> Int64 {
        counter += 1
        return Int64(counter) * 1_000_000
    }

    private static func parent(of path: Path) -> Path { path.lastIndex(of: 0x2F).map { Array(path[..<$0]) } ?? [] }
}
