extension FindingCatalogue {
    static let gateway: [Entry] = [
    ]
}
