import DurableFiles
import Glibc

/// The gateway a proof kills: its folder, its configuration, its process.
struct ProofGateway {
    let folder: String
    let program: String
    let ways: ProofWays

    var inbox: String { Files.join(folder, "inbox") }
    var state: String { Files.join(folder, "state") }
    /// Where what came out lies for the proof to take.
    var ready: String { Files.join(folder, ways.receiverPort == nil ? "queue/ready" : "received") }
    private var configuration: String { Files.join(folder, "linkway.yaml") }

    func prepare() throws(FileError) {
        try Files.makeFolder(inbox)
        if ways.receiverPort != nil { try Files.makeFolder(ready) }
        try Files.makeFolder(Files.join(folder, "mappings"))
        try Files.create(Files.join(folder, "mappings/proof.yaml"), Array(ProofDocument.mapping.utf8))
        try Files.create(Files.join(folder, "sender-token"), Array(ProofWays.senderToken.utf8))
        try Files.create(configuration, Array(configurationText.utf8))
    }

    /// - Parameter life: The how manieth start this is. What the process sends over HTTP carries it as its token, so that
    ///   what comes late is known for its sender's.
    func start(life: Int) throws(FileError) -> pid_t {
        if ways.receiverPort != nil { try name(life) }
        let process = spawn(["run", "--config", configuration])
        guard process > 0 else { throw FileError("start", program, code: errno) }
        return process
    }

    private func name(_ life: Int) throws(FileError) {
        let token = Files.join(folder, "receiver-token")
        try Files.remove(token)
        try Files.create(token, Array(ProofReceiver.token(life: life).utf8))
    }

    /// Whether it answers on its control socket.
    var answers: Bool { ControlSocket.ask("{\"ask\":\"hello\"}", in: state) != nil }

    /// Whether the audit trail is whole; while no process runs.
    func isAuditWhole() -> Bool {
        let process = spawn(["audit", "verify", "--config", configuration, "--quiet"])
        return process > 0 && Self.wait(process) == 0
    }

    @discardableResult
    static func wait(_ process: pid_t) -> Int32 {
        var status: Int32 = 0
        while waitpid(process, &status, 0) < 0, errno == EINTR {}
        return status
    }

    private func spawn(_ arguments: [String]) -> pid_t {
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        let log = Files.join(folder, "gateway.log")
        for descriptor in [STDOUT_FILENO, STDERR_FILENO] {
            posix_spawn_file_actions_addopen(&actions, descriptor, log, O_WRONLY | O_CREAT | O_APPEND, 0o600)
        }
        // The proof's own sockets must not live on in a gateway: a killed one would seem to listen still.
        for descriptor in STDERR_FILENO + 1..<Int32(min(1_024, sysconf(Int32(_SC_OPEN_MAX)))) {
            posix_spawn_file_actions_addclose(&actions, descriptor)
        }
        var process: pid_t = 0
        let pointers = ([program] + arguments).map { strdup($0) }
        defer { for pointer in pointers { free(pointer) } }
        return posix_spawn(&process, program, &actions, nil, pointers + [nil], environ) == 0 ? process : -1
    }

    private var configurationText: String {
        var text = """
            linkway: 1
            state: state
            settle: 0s

            """
        if let door = ways.door {
            text += """
                sources: [ { name: proof, http: { token: { file: sender-token } } } ]
                http: { listen: "127.0.0.1:\(door.port)", admin: "127.0.0.1:\(door.adminPort)" }

                """
        } else {
            text += "sources: [ { name: proof, folder: inbox, poll: 1s } ]\n"
        }
        let rest = "consent: none-needed, order: none"
        if let port = ways.receiverPort {
            let http = "{ url: \"http://127.0.0.1:\(port)/\", loopback: true, token: { file: receiver-token } }"
            return text + "routes: [ { name: receiver, http: \(http), \(rest) } ]\n"
        }
        return text + "routes: [ { name: queue, queue: queue, \(rest) } ]\n"
    }
}
