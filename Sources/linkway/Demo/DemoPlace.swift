import Digests
import DurableFiles
import Gateway
import Glibc
import Reporting

/// The folder a demonstration works in: a whole gateway that can be used afterwards.
struct DemoPlace {
    let folder: String
    let samples: String

    var configuration: String { Files.join(folder, "linkway.yaml") }
    var inbox: String { Files.join(folder, "inbox") }
    var mesh: String { Files.join(folder, "mesh") }
    var queue: String { Files.join(folder, "queue/ready") }
    /// The code table in which the demonstration's mapping looks up how urgent a referral is.
    var urgencyTable: String { Files.join(folder, "mappings/riverside-base/riverside-urgency.csv") }

    /// Lays it out: mappings of its own, a configuration, a token.
    static func make(
        in folder: String, mappings: String, samples: String, ports: (intake: Int, admin: Int, receiver: Int)?
    ) throws(FileError) -> DemoPlace {
        let place = DemoPlace(folder: folder, samples: samples)
        for path in [place.inbox, place.mesh] { try Files.makeFolder(path) }
        try copy(mappings, to: Files.join(folder, "mappings"))
        try Files.create(Files.join(folder, "token"), Array("demo-token-nobody-else-has\n".utf8))
        try Files.create(place.configuration, Array(configurationText(ports).utf8))
        return place
    }

    private static func copy(_ folder: String, to target: String) throws(FileError) {
        try Files.makeFolder(target)
        for name in try Files.list(folder) {
            let path = Files.join(folder, name)
            if Files.isFolder(path) {
                try copy(path, to: Files.join(target, name))
            } else {
                try Files.create(Files.join(target, name), try Files.read(path))
            }
        }
    }

    private static func configurationText(_ ports: (intake: Int, admin: Int, receiver: Int)?) -> String {
        var text = """
            # The gateway of `linkway demo`. Everybody in it is invented.
            linkway: 1
            mappings: mappings
            state: state
            settle: 0s
            sender: { endpoint: "https://gateway.example/fhir", ods-code: A81001, name: Demo gateway }
            sources:
              - { name: practice, folder: inbox, poll: 1s }
              - { name: mailbox, mesh-folder: mesh, poll: 1s, workflows: { SP_REFERRAL: riverside-xml } }

            """
        if let ports {
            text += """
                  - { name: platform, http: { token: { file: token } } }
                http: { listen: "127.0.0.1:\(ports.intake)", admin: "127.0.0.1:\(ports.admin)" }

                """
        }
        text += """
            routes:
              - { name: link-workers, queue: queue, consent: none-needed }
              - name: job-support
                recipient: employment-support
                purpose: employment-support
                consent: share-with-employment-support
                fields: [ person.name, person.telecoms, work.goal, work.statement ]
                queue: job-support

            """
        if let ports {
            text += """
                  - name: services
                    consent: none-needed
                    form: fhir-message
                    receiver: { endpoint: "https://services.example/fhir" }
                    http: { url: "http://127.0.0.1:\(ports.receiver)/fhir", loopback: true }

                """
        }
        return text
    }

    // MARK: What is dropped

    /// What a document was called, by its SHA-256: the gateway keeps no names of files, since senders put names of people
    /// into them.
    func name(ofContent sha256: String) -> String? {
        for folder in [inbox, mesh] {
            for end in ["done", "failed"] {
                let path = Files.join(folder, end)
                for name in (try? Files.list(path)) ?? [] {
                    if let bytes = try? Files.read(Files.join(path, name)), Digest.sha256(bytes) == sha256 {
                        return name
                    }
                }
            }
        }
        return nil
    }

    func sample(_ name: String) throws(FileError) -> [UInt8] { try Files.read(Files.join(samples, name)) }

    /// Puts a document into the practice's inbox as a good sender does: written hidden, then named.
    func drop(_ bytes: [UInt8], as name: String) throws(FileError) {
        let hidden = Files.join(inbox, "." + name)
        try Files.create(hidden, bytes)
        _ = try Files.move(hidden, to: Files.join(inbox, name))
    }

    /// Puts a MESH pair into the mailbox: the document, then its control file.
    func dropPair(_ bytes: [UInt8], named name: String) throws(FileError) {
        try Files.create(Files.join(mesh, name + ".dat"), bytes)
        let control = """
            <DTSControl><Version>1.0</Version><AddressType>DTS</AddressType><MessageType>Data</MessageType>\
            <From_DTS>A81001OT001</From_DTS><To_DTS>GATEWAYOT001</To_DTS><WorkflowId>SP_REFERRAL</WorkflowId>\
            <DTSId>20260302091400000001_DEMO</DTSId></DTSControl>
            """
        try Files.create(Files.join(mesh, name + ".ctl"), Array(control.utf8))
    }
}
