/// The preview's only page: it loads nothing from anywhere else.
enum PreviewPage {
  static let text = """
    <!doctype html>
    <html lang="en">
    <meta charset="utf-8">
    <title>pumpkii preview</title>
    <style>
      body { margin: 0; background: #111; color: #ccc; font: 16px sans-serif; text-align: center }
      img { max-width: 100%; max-height: 85vh }
      a { color: #9cf }
    </style>
    <img src="/stream.mjpeg" alt="what the camera sees, or why it is off">
    <p><a href="/snapshot.jpg">snapshot.jpg</a> · <a href="/stream.mjpeg">stream.mjpeg</a> ·
    <a href="/stream.mp4">stream.mp4</a> · <a href="/metrics">metrics</a>
    </html>

    """
}
